import { Readable } from 'node:stream';
import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { type ChargeFilter, ChargeQueries, parseChargeId } from '#charges';
import { Access } from '../http/access.js';
import { CSV_TYPE, download } from '../http/download.js';
import { Fails } from '../http/problem.dto.js';
import { chargesCsv } from './charges-csv.js';
import { ChargeList, ChargePageQuery, ChargeQuery, ChargeStory } from './charges.dto.js';

@ApiTags('charges')
@Controller('api/v1/charges')
export class ChargesController {
  constructor(private readonly charges: ChargeQueries) {}

  @Get()
  @Access('viewer', 'charges:read')
  @ApiOperation({ operationId: 'listCharges', summary: 'Charges that match, page by page, with their sums' })
  @ApiOkResponse({ type: ChargeList })
  @Fails(400)
  async list(@Query() { limit, after, ...query }: ChargePageQuery): Promise<ChargeList> {
    const { items, amounts, ...found } = await this.charges.find(filterOf(query), { limit, after });
    return { charges: items, sums: amounts, ...found };
  }

  @Get('export.csv')
  @Access('viewer', 'charges:read')
  @ApiOperation({ operationId: 'exportCharges', summary: 'All charges that match, as CSV' })
  @ApiProduces('text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  @Fails(400)
  export(@Query() query: ChargeQuery): StreamableFile {
    const rows = Readable.from(chargesCsv(this.charges.each(filterOf(query))));
    return download(rows, { fileName: `charges${query.period === undefined ? '' : `_${query.period}`}.csv`, type: CSV_TYPE });
  }

  @Get(':id')
  @Access('viewer', 'charges:read')
  @ApiOperation({ operationId: 'getCharge', summary: 'The story of a charge: its line as imported and every decision' })
  @ApiOkResponse({ type: ChargeStory })
  @Fails(400, 404)
  async get(@Param('id') id: string): Promise<ChargeStory> {
    const chargeId = parseChargeId(id);
    const charge = await this.charges.get(chargeId);
    return { charge, line: await this.charges.lineAsImported(chargeId), decisions: await this.charges.decisions(chargeId) };
  }
}

function filterOf({ standing, ...filter }: ChargeQuery): ChargeFilter {
  return standing === undefined ? filter : { ...filter, standings: standing };
}
