import { app } from '@azure/functions';
import { vigia } from '../src/app.ts';

const { manage } = vigia();

app.http('manage-act', {
  // The last two are there to be answered with what may stand instead.
  methods: ['POST', 'DELETE', 'PUT', 'PATCH'],
  authLevel: 'function',
  route: 'manage/{*path}',
  handler: (request) => manage(request),
});
