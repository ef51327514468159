import { app } from '@azure/functions';

app.setup({ enableHttpStream: true });

app.post('upper', {
  route: 'upper/{word}',
  handler: async (request) => ({
    status: 201,
    headers: { 'x-word': request.params.word, 'content-type': 'text/plain' },
    body: request.body.pipeThrough(
      new TransformStream({
        transform: (chunk, out) => out.enqueue(Buffer.from(Buffer.from(chunk).toString().toUpperCase())),
      }),
    ),
  }),
});

app.get('boom', async () => {
  throw new Error('boom on purpose');
});
