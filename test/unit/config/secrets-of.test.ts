import { expect, test } from 'vitest';
import { loadConfig, secretsOf } from '../../../src/config.ts';

const database = 'Server=h;Database=Vigia;User Id=vigia;Password="clave;de la base"';

test.each([
  ['a key', 'AccountName=a;AccountKey=bGEtY2xhdmU=;EndpointSuffix=core.windows.net', ['bGEtY2xhdmU=']],
  [
    'a shared access signature, whole and its signature alone',
    'QueueEndpoint=https://a.queue.core.windows.net/;SharedAccessSignature=sv=2024-11-04&sig=YWJj%2BZGVm%3D&se=2027',
    ['sv=2024-11-04&sig=YWJj%2BZGVm%3D&se=2027', 'YWJj%2BZGVm%3D'],
  ],
])('what no kept text may show: the passwords, and of the storage %s', (_, storage, secrets) => {
  const config = loadConfig({
    CONTROL_DATABASE: database,
    AzureWebJobsStorage: storage,
    SMTP_SERVER: 'smtp.example.com',
    SMTP_USER: 'vigia@example.com',
    SMTP_PASSWORD: 'clave-del-correo',
    CALLBACK_SECRET: 'uno-que-es-nuevo otro-que-es-viejo',
    WHATSAPP_APP_SECRET: '0123456789abcdef',
    WHATSAPP_VERIFY_TOKEN: 'clave-de-suscripcion',
    HEARTBEAT_URL: 'https://monitor.example.com/clave',
    OTEL_EXPORTER_OTLP_HEADERS: 'api-key=clave-uno, Authorization=Bearer%20clave-dos',
  });
  expect(secretsOf(config)).toEqual([
    'clave;de la base',
    ...secrets,
    'clave-del-correo',
    'uno-que-es-nuevo',
    'otro-que-es-viejo',
    '0123456789abcdef',
    'clave-uno',
    'Bearer clave-dos',
    'clave-de-suscripcion',
    'https://monitor.example.com/clave',
  ]);
});
