import { app, output } from '@azure/functions';

const outbox = output.storageQueue({ queueName: '%RUN%-outbox-{id}', connection: 'AzureWebJobsStorage' });

app.http('anything', {
  route: 'echo/{id:int}/{*rest}',
  methods: ['GET', 'POST', 'PUT'],
  authLevel: 'anonymous',
  handler: async (request) => ({
    jsonBody: {
      method: request.method,
      url: request.url,
      params: request.params,
      query: Object.fromEntries(request.query),
      header: request.headers.get('x-sample'),
      body: await request.text(),
      user: request.user,
    },
  }),
});

app.http('boom', {
  methods: ['GET'],
  handler: () => {
    throw new Error('boom on purpose');
  },
});

app.get('bytes', async () => ({ body: Buffer.from([1, 2, 3]) }));

app.get('cookie', async () => ({
  cookies: [{ name: 'a b', value: 'c;d', maxAge: 60, httpOnly: true, sameSite: 'Lax' }],
}));

app.get('guarded', { authLevel: 'function', handler: async () => ({ body: 'in' }) });

app.get('locked', { authLevel: 'admin', handler: async () => ({ body: 'in' }) });

app.get('nothing', async () => undefined);

app.http('put-out', {
  route: 'out/{id}',
  methods: ['POST'],
  extraOutputs: [outbox],
  handler: async (request, context) => {
    context.extraOutputs.set(outbox, await request.json());
    return { status: 202 };
  },
});

app.get('text', async () => ({ body: 'hello', status: 201, headers: { 'x-own': 'yes' } }));

app.get('whoami', async (_request, context) => ({
  jsonBody: { trace: context.traceContext, setting: process.env.SAMPLE },
}));
