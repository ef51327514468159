import { app } from '@azure/functions';
import { poisonQueue, vigia } from '../src/app.ts';

const { reportPoison } = vigia();

app.storageQueue('report-poison', {
  queueName: poisonQueue,
  connection: 'AzureWebJobsStorage',
  handler: (message) => reportPoison(message),
});
