import { app } from '@azure/functions';
import { vigia } from '../src/app.ts';

const { callbacks } = vigia();

app.http('callbacks', {
  methods: ['GET', 'POST'],
  authLevel: 'anonymous',
  route: 'callbacks/messages',
  handler: (request) => callbacks(request),
});
