const { app } = require('@azure/functions');

app.timer('hourly', { schedule: '0 0 * * * *', handler: () => {} });
