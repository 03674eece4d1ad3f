import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentActor, type Principal, requireAllSources } from '#identity';
import { StatementQueries } from '#statements';
import { Access } from '../http/access.js';
import { Fails } from '../http/problem.dto.js';
import { revisionOf } from './statement-pages.js';
import { Verification } from './statements.dto.js';

/** Tells whether a paper is what was issued: for people who may see statements, and for nobody else. */
@ApiTags('statements')
@Controller('api/v1/statements')
export class VerificationController {
  constructor(private readonly statements: StatementQueries) {}

  @Get('verify/:code')
  @Access('viewer', 'charges:read')
  @ApiOperation({
    operationId: 'verifyStatement',
    summary: 'The statements that carry a verification code',
    description:
      'The code as printed, blanks and hyphens aside, or its first eight characters or more. Statements whose charges are the same carry the same code, so there may be several.',
  })
  @ApiOkResponse({ type: Verification })
  @Fails(400, 404)
  async verify(@Param('code') code: string, @CurrentActor() actor: Principal): Promise<Verification> {
    requireAllSources(actor, 'statements');
    const found = await this.statements.verify(code);
    return { statements: found.map(({ isNewest, ...row }) => ({ ...revisionOf(row), isNewest })) };
  }
}
