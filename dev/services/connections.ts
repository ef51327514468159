import type { Ports } from './ports.ts';

/** The local stack's own passwords: known to everybody, good for nothing but these servers on 127.0.0.1. */
export const localSecrets = {
  saPassword: 'Vigia_local_1',
  webhookSecret: 'whsec_dmlnaWEtbG9jYWwtd2ViaG9vay1zZWNyZXQ=',
  callbackSecret: 'whsec_dmlnaWEtbG9jYWwtY2FsbGJhY2stc2VjcmV0',
  whatsappAppSecret: 'b1946ac92492d2347c6235b4d2611184',
  whatsappVerifyToken: 'vigia-local-suscripcion',
} as const;

/** Azurite's account, published in its documentation. */
const azuriteAccount = 'devstoreaccount1';
const azuriteKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export function storageConnection(ports: Pick<Ports, 'blob' | 'queue' | 'table'>): string {
  const endpoint = (name: string, port: number) => `${name}=http://127.0.0.1:${port}/${azuriteAccount}`;
  return [
    'DefaultEndpointsProtocol=http',
    `AccountName=${azuriteAccount}`,
    `AccountKey=${azuriteKey}`,
    endpoint('BlobEndpoint', ports.blob),
    endpoint('QueueEndpoint', ports.queue),
    endpoint('TableEndpoint', ports.table),
  ].join(';');
}

export function sqlConnection(server: string, database: string, user: string, password: string): string {
  return `Server=${server};Database=${database};User Id=${user};Password=${password};TrustServerCertificate=True`;
}
