import { app } from '@azure/functions';
import { vigia } from '../src/app.ts';

const { health } = vigia();

app.http('health', {
  methods: ['GET', 'HEAD'],
  authLevel: 'anonymous',
  handler: () => health(),
});
