/** A company as its CT_Empresas row says it, defaults applied. */
export interface Tenant {
  code: string;
  name: string;
  /** emp_Conexion as stored: Base64 of a connection string, or `env:NAME`. A secret. */
  connection: string;
  /** IANA name. */
  zone: string;
  /** ISO 3166 alpha-2, for phone numbers without a country code. */
  country: string;
  active: boolean;
}
