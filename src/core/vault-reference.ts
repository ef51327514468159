/** What the platform leaves of a setting whose secret it could not get. */
export function isVaultReference(given: string): boolean {
  return given.startsWith('@Microsoft.KeyVault(');
}

/**
 * The secret that a reference names, and its vault; in either form of
 * https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
 */
export function secretReferredTo(reference: string): { secret: string; vault: string } | null {
  const uri = /SecretUri=https:\/\/([^/;)\s]+)\/secrets\/([^/;)\s]+)/i.exec(reference);
  const vault = uri?.[1] ?? /VaultName=([^;)\s]+)/i.exec(reference)?.[1];
  const secret = uri?.[2] ?? /SecretName=([^;)\s]+)/i.exec(reference)?.[1];
  return vault === undefined || secret === undefined ? null : { secret, vault };
}
