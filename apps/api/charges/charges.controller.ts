import { Readable } from 'node:stream';
import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { AttributionRuleQueries } from '#attribution-rules';
import { type ChargeFilter, ChargeQueries, chargesCsv, ChargeStories, parseChargeId } from '#charges';
import { CurrentActor, type Principal, requireSourceAccess, sourceWithinReach } from '#identity';
import { JournalQueries } from '#journals';
import { foldIdentifier } from '#kernel';
import { StatementQueries } from '#statements';
import { Access } from '../http/access.js';
import { CSV_TYPE, download } from '../http/download.js';
import { Fails } from '../http/problem.dto.js';
import { ChargeStoryInfo } from './charge-story.dto.js';
import { ChargeList, ChargePageQuery, ChargeQuery } from './charges.dto.js';

@ApiTags('charges')
@Controller('api/v1/charges')
export class ChargesController {
  constructor(
    private readonly charges: ChargeQueries,
    private readonly stories: ChargeStories,
    private readonly statements: StatementQueries,
    private readonly journals: JournalQueries,
    private readonly rules: AttributionRuleQueries,
  ) {}

  @Get()
  @Access('viewer', 'charges:read')
  @ApiOperation({ operationId: 'listCharges', summary: 'Charges that match, page by page, with their sums' })
  @ApiOkResponse({ type: ChargeList })
  @Fails(400)
  async list(@Query() { limit, after, ...query }: ChargePageQuery, @CurrentActor() actor: Principal): Promise<ChargeList> {
    const { items, amounts, ...found } = await this.charges.find(filterOf(query, actor), { limit, after });
    return { charges: items, sums: amounts, ...found };
  }

  @Get('export.csv')
  @Access('viewer', 'charges:read')
  @ApiOperation({ operationId: 'exportCharges', summary: 'All charges that match, as CSV' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  @Fails(400)
  export(@Query() query: ChargeQuery, @CurrentActor() actor: Principal): StreamableFile {
    const rows = Readable.from(chargesCsv(this.charges.each(filterOf(query, actor))));
    return download(rows, { fileName: `charges${query.period === undefined ? '' : `_${query.period}`}.csv`, type: CSV_TYPE });
  }

  @Get(':id')
  @Access('viewer', 'charges:read')
  @ApiOperation({
    operationId: 'getCharge',
    summary: 'The story of a charge',
    description:
      'Its line as imported, why it waits or waited, every import that touched it, every decision, how it is booked and was, and on which statements and journals it stands. ' +
      'A line that only states another charge once more is not found (`charge.restated`); the problem names that charge.',
  })
  @ApiOkResponse({ type: ChargeStoryInfo })
  @Fails(400, 404)
  async get(@Param('id') id: string, @CurrentActor() actor: Principal): Promise<ChargeStoryInfo> {
    const story = await this.stories.of(parseChargeId(id));
    const { charge, bookings, attributedBy } = story;
    requireSourceAccess(actor, charge.source);
    const statements = await this.statements.holding(charge.period, bookings);
    const journals = await this.journals.holding(charge.period, bookings);
    return {
      ...story,
      attributedBy: attributedBy === null ? null : { ...attributedBy, ...(await this.rules.named(attributedBy.rule)) },
      statements: statements.map(({ piEmail, projectId, revision, fileName, issuedAt }) => ({
        piEmail,
        projectId,
        revision,
        fileName,
        issuedAt,
      })),
      journals: journals.map(({ number, format, fileName, includeFlagged, exportedBy, exportedAt }) => ({
        number,
        format,
        fileName,
        includeFlagged,
        exportedBy,
        exportedAt,
      })),
    };
  }
}

function filterOf({ standing, kind, source: asked, ...query }: ChargeQuery, actor: Principal): ChargeFilter {
  const source = sourceWithinReach(actor, asked === undefined ? undefined : foldIdentifier(asked));
  return {
    ...query,
    ...(source === undefined ? {} : { source }),
    ...(standing === undefined ? {} : { standings: standing }),
    ...(kind === undefined ? {} : { kinds: kind }),
  };
}
