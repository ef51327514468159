import { app } from '@azure/functions';
import { vigia } from '../src/app.ts';

const { scanDueAlerts, closeTelemetry } = vigia();

// Of the whole app: what was measured in the last minute would be lost with the instance.
app.hook.appTerminate(() => closeTelemetry());

app.timer('scan-due-alerts', {
  schedule: '0 * * * * *',
  handler: async (_timer, { traceContext }) => {
    await scanDueAlerts(traceContext?.traceParent);
  },
});
