import { ConnectionError } from 'tedious';

/** https://learn.microsoft.com/azure/azure-sql/database/troubleshoot-common-errors-issues */
const ADDRESS_REFUSED = 40_615;

/** The firewall of Azure SQL does not let a client in whose address it names. */
export class RefusedAddress extends ConnectionError {
  readonly address: string;

  constructor(message: string, address: string, options?: ErrorOptions) {
    super(message, 'ELOGIN', options);
    this.address = address;
  }
}

/** `said` = what the server told before the connection ended; undefined where that was something else. */
export function refusedAddress(
  error: Error,
  said: readonly { number: number; message: string }[],
): RefusedAddress | undefined {
  const { message = '' } = said.find(({ number }) => number === ADDRESS_REFUSED) ?? {};
  const [, address] = /\bIP address '([\d.]+)'/.exec(message) ?? [];
  return address === undefined ? undefined : new RefusedAddress(message, address, { cause: error });
}
