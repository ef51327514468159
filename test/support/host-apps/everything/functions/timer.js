import { app, output } from '@azure/functions';

app.timer('yearly', {
  schedule: '0 0 0 1 1 *',
  return: output.storageQueue({ queueName: '%RUN%-ticks', connection: 'AzureWebJobsStorage' }),
  handler: (timer, context) => ({ timer, retry: context.retryContext ?? null }),
});
