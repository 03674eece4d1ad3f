import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiConflictResponse,
  ApiCookieAuth,
  ApiForbiddenResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiTooManyRequestsResponse,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { ProjectionRunner } from '#event-store';
import {
  AllowSignedIn,
  beginSession,
  ChangeOwnPasswordHandler,
  CurrentActor,
  endSession,
  IDENTITY_PROJECTION,
  metadataOf,
  type Principal,
  Public,
  RANDOM_SOURCE,
  type RandomSource,
  SESSION_COOKIE,
  type SessionUser,
  SignInHandler,
  SignInThrottled,
} from '#identity';
import { ChangeOwnPasswordRequest, SessionInfo, SignInRequest } from './session.dto.js';

@ApiTags('session')
@Controller('api/v1/session')
export class SessionController {
  constructor(
    private readonly signIns: SignInHandler,
    private readonly passwords: ChangeOwnPasswordHandler,
    private readonly projections: ProjectionRunner,
    @Inject(RANDOM_SOURCE) private readonly random: RandomSource,
  ) {}

  @Post()
  @HttpCode(200)
  @Public()
  @ApiOperation({ summary: 'Sign in', operationId: 'signIn' })
  @ApiOkResponse({ type: SessionInfo })
  @ApiBadRequestResponse({ description: 'A field is missing or too long.' })
  @ApiUnauthorizedResponse({ description: 'sign-in.refused: the address or the password is wrong.' })
  @ApiTooManyRequestsResponse({ description: 'sign-in.throttled: wait as many seconds as Retry-After says.' })
  async signIn(@Body() body: SignInRequest, @Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<SessionInfo> {
    const { user, position } = await withRetryAfter(response, () => this.signIns.signIn(body.email, body.password, metadataOf(request)));
    const csrfToken = await beginSession(request, user, this.random);
    await this.projections.waitFor(position, [IDENTITY_PROJECTION]);
    return SessionInfo.of(user, csrfToken);
  }

  @Get()
  @Public()
  @ApiOperation({ summary: 'Who is signed in, and the token that changes need', operationId: 'getSession' })
  @ApiOkResponse({ type: SessionInfo })
  show(@CurrentActor() actor: Principal | undefined, @Req() request: Request): SessionInfo {
    const { user, csrfToken } = request.session;
    return actor === undefined || user === undefined || csrfToken === undefined ? SessionInfo.signedOut() : SessionInfo.of(user, csrfToken);
  }

  @Delete()
  @HttpCode(204)
  @AllowSignedIn({ evenIfPasswordMustChange: true })
  @ApiCookieAuth('session')
  @ApiOperation({ summary: 'Sign out', operationId: 'signOut' })
  @ApiNoContentResponse()
  @ApiUnauthorizedResponse({ description: 'session.required: nobody is signed in.' })
  async signOut(@CurrentActor() actor: Principal, @Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    await this.signIns.signOut(actor.id, metadataOf(request));
    await endSession(request);
    response.clearCookie(SESSION_COOKIE, { path: '/' });
  }

  @Post('password')
  @HttpCode(200)
  @AllowSignedIn({ evenIfPasswordMustChange: true })
  @ApiCookieAuth('session')
  @ApiOperation({ summary: 'Change the own password; ends all other sessions', operationId: 'changeOwnPassword' })
  @ApiOkResponse({ type: SessionInfo, description: 'The session goes on under a new CSRF token.' })
  @ApiBadRequestResponse({ description: 'password.wrong, password.weak (each finding is listed) or password.same.' })
  @ApiConflictResponse({ description: 'password.in-file: the account signs in against the configuration file.' })
  @ApiForbiddenResponse({ description: 'csrf.token: the header x-csrf-token is missing or wrong.' })
  @ApiTooManyRequestsResponse({ description: 'sign-in.throttled: wait as many seconds as Retry-After says.' })
  async changePassword(
    @CurrentActor() actor: Principal,
    @Body() body: ChangeOwnPasswordRequest,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionInfo> {
    const before = request.session.user;
    if (before === undefined) throw new Error('the access guard lets only sessions through to here');
    const { position, epoch } = await withRetryAfter(response, () =>
      this.passwords.change(actor.id, body.current, body.new, metadataOf(request)),
    );
    const user: SessionUser = { ...before, mustChangePassword: false, epoch };
    const csrfToken = await beginSession(request, user, this.random);
    await this.projections.waitFor(position, [IDENTITY_PROJECTION]);
    return SessionInfo.of(user, csrfToken);
  }
}

async function withRetryAfter<Result>(response: Response, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SignInThrottled) response.setHeader('Retry-After', error.retryAfterSeconds.toString());
    throw error;
  }
}
