import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiCookieAuth,
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import type { Request } from 'express';
import { ProjectionRunner } from '#event-store';
import { type ApiKeyRow, ApiKeysHandler, IDENTITY_PROJECTION, IdentityQueries, metadataOf, RequireRole } from '#identity';
import { IssuedKeyInfo, IssueKeyRequest, KeyList } from './keys.dto.js';

@ApiTags('keys')
@ApiCookieAuth('session')
@ApiUnauthorizedResponse({ description: 'session.required: nobody is signed in.' })
@ApiForbiddenResponse({ description: 'access.role: for administrators only; csrf.token: the header x-csrf-token is missing or wrong.' })
@RequireRole('admin')
@Controller('api/v1/keys')
export class KeysController {
  constructor(
    private readonly apiKeys: ApiKeysHandler,
    private readonly queries: IdentityQueries,
    private readonly projections: ProjectionRunner,
  ) {}

  @Get()
  @ApiOperation({ summary: 'All API keys, without their secrets', operationId: 'listKeys' })
  @ApiOkResponse({ type: KeyList })
  async list(): Promise<{ keys: readonly ApiKeyRow[] }> {
    return { keys: await this.queries.apiKeys() };
  }

  @Post()
  @ApiOperation({ summary: 'Issue an API key; the answer is the only place that shows it', operationId: 'issueKey' })
  @ApiCreatedResponse({ type: IssuedKeyInfo })
  @ApiBadRequestResponse({ description: 'key.malformed-name, key.no-scope, key.no-source, key.expiry, source.malformed-name.' })
  async issue(@Body() { expiresAt, ...body }: IssueKeyRequest, @Req() request: Request): Promise<ApiKeyRow & { token: string }> {
    const input = { ...body, expiresAt: expiresAt === undefined ? null : new Date(expiresAt) };
    const { keyId, token, position } = await this.apiKeys.issue(input, metadataOf(request));
    await this.projections.waitFor(position, [IDENTITY_PROJECTION]);
    return { ...(await this.queries.apiKey(keyId)), token };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke an API key; from now on it is refused', operationId: 'revokeKey' })
  @ApiNoContentResponse()
  @ApiNotFoundResponse({ description: 'key.unknown' })
  async revoke(@Param('id') keyId: string, @Req() request: Request): Promise<void> {
    const revoked = await this.apiKeys.revoke(keyId, metadataOf(request));
    if (revoked !== null) await this.projections.waitFor(revoked.position, [IDENTITY_PROJECTION]);
  }
}
