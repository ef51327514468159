import { app } from '@azure/functions';
import { alertQueue, vigia } from '../src/app.ts';

const { dispatchAlert } = vigia();

app.storageQueue('dispatch-alert', {
  queueName: alertQueue,
  connection: 'AzureWebJobsStorage',
  handler: async (message, { traceContext }) => {
    await dispatchAlert(message, traceContext?.traceParent);
  },
});
