import { app, output } from '@azure/functions';

app.storageQueue('relay', {
  queueName: '%RUN%-inbox',
  connection: 'AzureWebJobsStorage',
  return: output.storageQueue({ queueName: '%RUN%-seen', connection: 'AzureWebJobsStorage' }),
  handler: (message, context) => {
    if (message?.fail === true) throw new Error('failed on purpose');
    return { message, metadata: context.triggerMetadata };
  },
});
