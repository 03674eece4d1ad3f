import { createServer, type Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';

const END_OF_MESSAGE = Buffer.from('\r\n.\r\n');
/** What a client says, and what it is told: enough SMTP (RFC 5321) for mail libraries, without a thought about the mail. */
const ANSWERS: Readonly<Record<string, string>> = {
  EHLO: '250-sink\r\n250 8BITMIME\r\n',
  HELO: '250 sink\r\n',
  DATA: '354 go on\r\n',
  QUIT: '221 bye\r\n',
};

/** A mail server in a thread of its own that throws away what it gets. It says its port, and counts on demand. */
let count = 0;

function serve(socket: Socket): void {
  let tail = Buffer.alloc(0);
  let inData = false;
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.write('220 sink\r\n');
  socket.on('data', (chunk) => {
    if (inData) {
      tail = Buffer.concat([tail, chunk]).subarray(-END_OF_MESSAGE.length);
      if (!tail.equals(END_OF_MESSAGE)) return;
      inData = false;
      count += 1;
      socket.write('250 taken\r\n');
      return;
    }
    const verb = chunk.toString('latin1', 0, 4).toUpperCase();
    if (verb === 'DATA') {
      inData = true;
      tail = Buffer.alloc(0);
    }
    socket.write(ANSWERS[verb] ?? '250 fine\r\n');
    if (verb === 'QUIT') socket.end();
  });
}

const server = createServer(serve);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  parentPort?.postMessage({ port: address !== null && typeof address === 'object' ? address.port : 0 });
});
parentPort?.on('message', () => parentPort?.postMessage({ count }));
