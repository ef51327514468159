import { app, output } from '@azure/functions';

app.storageQueue('relay', {
  queueName: 'inbox',
  connection: 'AzureWebJobsStorage',
  return: output.storageQueue({ queueName: 'seen', connection: 'AzureWebJobsStorage' }),
  handler: (message, context) => {
    if (message?.fail === true) throw new Error('failed on purpose');
    return { message, metadata: context.triggerMetadata };
  },
});
