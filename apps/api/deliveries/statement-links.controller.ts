import { Controller, Get, Inject, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiForbiddenResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { StatementLinks } from '#deliveries';
import { Public } from '#identity';
import { DomainError } from '#kernel';
import { FILE_STORAGE, type FileStorage } from '#platform';
import { download } from '../http/download.js';
import { problemOf } from '../http/problem.js';
import { Fails } from '../http/problem.dto.js';
import { LinkQuery } from './deliveries.dto.js';

/** Where links in messages lead: to one PDF, for whoever has the link, without signing in. */
@ApiTags('deliveries')
@Controller('api/v1/statement-links')
export class StatementLinksController {
  constructor(
    private readonly links: StatementLinks,
    @Inject(FILE_STORAGE) private readonly storage: FileStorage,
  ) {}

  @Get()
  @Public()
  @ApiOperation({ operationId: 'openStatementLink', summary: 'The PDF that a signed link in a message leads to, until it expires' })
  @ApiProduces('application/pdf')
  @ApiOkResponse({ description: 'The PDF.', schema: { type: 'string', format: 'binary' } })
  @ApiForbiddenResponse({ description: 'statement-link.expired, .replaced, .revoked: the link works no more.' })
  @Fails(400, 404)
  async open(
    @Query() { token }: LinkQuery,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile | string> {
    response.setHeader('X-Robots-Tag', 'noindex, nofollow');
    try {
      const { fileName, sha256 } = await this.links.open(token);
      return download(await this.storage.open(sha256), { fileName, type: 'application/pdf', inline: true });
    } catch (error) {
      // PIs come with a browser; programs get problem+json like everywhere.
      if (!(error instanceof DomainError) || request.accepts(['json', 'html']) !== 'html') throw error;
      response.status(problemOf(error, '').problem.status).type('html');
      return page(error.detail);
    }
  }
}

function page(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>Statement</title></head><body style="font:16px/1.5 'Segoe UI',Roboto,Arial,sans-serif;max-width:34em;margin:15vh auto;padding:0 1.5em"><h1 style="font-size:1.3em">The statement is not here</h1><p>${escaped}</p></body></html>`;
}
