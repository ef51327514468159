const { app } = require('@azure/functions');

console.log('loading as CommonJS');

app.hook.appStart(() => console.log('appStart hook'));
app.hook.appTerminate(() => console.log('appTerminate hook'));
app.hook.preInvocation((context) => {
  context.hookData.started = context.invocationContext.functionName;
});
app.hook.postInvocation((context) => {
  console.log('postInvocation hook of', context.hookData.started);
});

app.get('hello', async (_request, context) => {
  context.log('said by the context');
  context.debug('never shown');
  return { body: `hello ${process.env.GREETED}` };
});

app.get('slow', async () => {
  console.log('slow begins');
  await new Promise((resolve) => setTimeout(resolve, 700));
  return { body: 'slow ends' };
});

app.get('crash', async () => {
  setTimeout(() => {
    throw new Error('thrown at nobody');
  }, 1);
  await new Promise(() => {});
});

app.get('off', async () => ({ body: 'disabled' }));

app.generic('blobby', {
  trigger: { type: 'blobTrigger', name: 'blob', path: 'a/{name}' },
  handler: () => {},
});
