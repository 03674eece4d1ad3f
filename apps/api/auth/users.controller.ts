import { Body, Controller, Get, Param, Patch, Post, Req } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiConflictResponse,
  ApiCookieAuth,
  ApiCreatedResponse,
  ApiForbiddenResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import type { Request } from 'express';
import { ProjectionRunner } from '#event-store';
import { IDENTITY_PROJECTION, IdentityQueries, ManageUsersHandler, metadataOf, RequireRole, type UserRow } from '#identity';
import { foldIdentifier } from '#kernel';
import { ChangeUserRequest, CreateUserRequest, UserInfo, UserList } from './users.dto.js';

@ApiTags('users')
@ApiCookieAuth('session')
@ApiUnauthorizedResponse({ description: 'session.required: nobody is signed in.' })
@ApiForbiddenResponse({ description: 'access.role: for administrators only; csrf.token: the header x-csrf-token is missing or wrong.' })
@RequireRole('admin')
@Controller('api/v1/users')
export class UsersController {
  constructor(
    private readonly manage: ManageUsersHandler,
    private readonly queries: IdentityQueries,
    private readonly projections: ProjectionRunner,
  ) {}

  @Get()
  @ApiOperation({ summary: 'All accounts', operationId: 'listUsers' })
  @ApiOkResponse({ type: UserList })
  async list(): Promise<{ users: readonly UserRow[] }> {
    return { users: await this.queries.users() };
  }

  @Post()
  @ApiOperation({ summary: 'Create an account', operationId: 'createUser' })
  @ApiCreatedResponse({ type: UserInfo })
  @ApiBadRequestResponse({ description: 'user.malformed-email, user.malformed-name, password.weak (each finding is listed).' })
  @ApiConflictResponse({ description: 'user.exists' })
  async create(@Body() body: CreateUserRequest, @Req() request: Request): Promise<UserRow> {
    const { position } = await this.manage.create(body, metadataOf(request));
    await this.projections.waitFor(position, [IDENTITY_PROJECTION]);
    return this.queries.user(foldIdentifier(body.email));
  }

  @Patch(':email')
  @ApiOperation({ summary: 'Change, disable or enable an account, or set its password', operationId: 'changeUser' })
  @ApiOkResponse({ type: UserInfo })
  @ApiBadRequestResponse({ description: 'user.malformed-name, password.weak (each finding is listed).' })
  @ApiNotFoundResponse({ description: 'user.unknown' })
  @ApiConflictResponse({
    description: 'user.own-account: nobody disables or demotes himself; user.last-admin: one administrator must remain.',
  })
  async change(@Param('email') email: string, @Body() body: ChangeUserRequest, @Req() request: Request): Promise<UserRow> {
    const changed = await this.manage.change(email, body, metadataOf(request));
    if (changed !== null) await this.projections.waitFor(changed.position, [IDENTITY_PROJECTION]);
    return this.queries.user(foldIdentifier(email));
  }
}
