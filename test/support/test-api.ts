import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ManageUsersHandler, type Role } from '#identity';
import { BackgroundWork } from '#runtime';
import { by, startTestServices, type TestServices, type TestServicesOptions } from '#testing/program';
import { createApi } from '../../apps/api/create-api.js';
import { ApiClient } from './api-client.js';

const PASSWORD = 'a perfectly long password';

/** The API with its worker in the test's process, on a free port. */
export class TestApi {
  private constructor(
    readonly app: NestExpressApplication,
    readonly own: TestServices,
    readonly url: string,
  ) {}

  static async start(options: TestServicesOptions = {}): Promise<TestApi> {
    const own = await startTestServices(options);
    const app = await createApi(own.services, { withWorker: true });
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    return new TestApi(app, own, `http://127.0.0.1:${port}`);
  }

  /** A new person with that role, signed in. */
  async signedIn(role: Role): Promise<ApiClient> {
    const email = `${role}@example.edu`;
    const { position } = await this.app.get(ManageUsersHandler).create({ email, displayName: role, role, password: PASSWORD }, by('test'));
    await this.own.services.projections.waitFor(position);
    const client = new ApiClient(this.url);
    await client.signIn(email, PASSWORD);
    return client;
  }

  async stop(): Promise<void> {
    await this.app.get(BackgroundWork).stop();
    await this.app.close();
    await this.own.stop();
  }
}
