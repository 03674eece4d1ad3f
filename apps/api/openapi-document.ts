import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { SESSION_COOKIE } from '#identity';
import { programVersion } from '#runtime';
import { KEY_AUTH, SESSION_AUTH } from './http/access.js';
import { Problem } from './http/problem.dto.js';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const DESCRIPTION = `Billing for research computing.

Amounts of money are decimals in texts, exact or with the digits of the currency. Errors are \`application/problem+json\` (RFC 9457): go by \`code\`.
A command answers the \`position\` of its last event; a read with \`?wait=<position>\` shows it for certain.
People sign in at \`POST /api/v1/session\` and send the session's token as \`x-csrf-token\` with every change; programs send an API key as \`Authorization: Bearer ocb_…\`.`;

/** The OpenAPI document of the API, from what its controllers declare. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('OpenChargeback')
    .setDescription(DESCRIPTION)
    .setVersion(programVersion())
    .addCookieAuth(SESSION_COOKIE, { type: 'apiKey', in: 'cookie' }, SESSION_AUTH)
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key.' }, KEY_AUTH)
    .build();
  const document = SwaggerModule.createDocument(app, config, { extraModels: [Problem] });
  for (const path of Object.values(document.paths)) complete(path);
  return document;
}

function complete(path: PathItem): void {
  for (const method of METHODS) {
    const operation = path[method];
    if (operation === undefined) continue;
    describeFailures(operation);
    if (method === 'get' && 'x-access' in operation) describeWaiting(operation);
    describeBareFile(operation);
  }
}

/** Every refusal has the same shape. */
function describeFailures(operation: Operation): void {
  for (const [status, response] of Object.entries(operation.responses)) {
    if (response === undefined || '$ref' in response || Number(status) < 400) continue;
    response.content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  }
}

function describeWaiting(operation: Operation): void {
  operation.parameters = [
    ...(operation.parameters ?? []),
    {
      name: 'wait',
      in: 'query',
      required: false,
      description: 'Answer from read models that have seen this position of the log; 503 after 30 s.',
      schema: { type: 'integer', minimum: 0 },
    },
  ];
}

/** Where a form is one of several ways to send a file, the others are the file itself. */
function describeBareFile(operation: Operation): void {
  const body = operation.requestBody;
  if (body === undefined || '$ref' in body || !('multipart/form-data' in body.content)) return;
  for (const type of Object.keys(body.content)) {
    if (type !== 'multipart/form-data') body.content[type] = { schema: { type: 'string', format: 'binary' } };
  }
}
