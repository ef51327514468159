import { app } from '@azure/functions';
import { vigia } from '../src/app.ts';

const { manage } = vigia();

app.http('manage-read', {
  methods: ['GET', 'HEAD'],
  authLevel: 'function',
  route: 'manage/{*path}',
  handler: (request) => manage(request),
});
