/** What a text has to look like, of which a template can say no more than how long it may be. */
export interface Shape {
  fits: (given: string) => boolean;
  /** As it follows "must". */
  wanted: string;
}

/** By the name of the parameter. */
export const parameterShapes: Readonly<Record<string, Shape>> = {
  // Both stand in a connection string.
  sqlServerHost: {
    fits: (given) => /^(tcp:)?[\w.-]+(,\d{1,5})?$/.test(given),
    wanted: 'be a host name, such as sql.example.com or sql.example.com,1433',
  },
  databaseName: {
    fits: (given) => /^[\p{L}\p{N}_][\p{L}\p{N}_ .#@$-]*$/u.test(given) && !given.endsWith('.'),
    wanted: 'begin with a letter, a digit or _ and hold letters, digits, blanks and _ - . # @ $ alone',
  },
  sqlAdministratorId: {
    fits: (given) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(given),
    wanted: 'be an object id of Entra, a GUID (az ad group show --group NAME --query id)',
  },
  networkAddressPrefix: {
    fits: isRange,
    wanted: 'be the first address of a range of 256 or more, with its length, such as 10.70.0.0/24',
  },
  alertMails: {
    fits: (given) => listOf(given).every((one) => /^[^\s@<>;]+@[^\s@<>;]+$/.test(one)),
    wanted: 'be mail addresses, separated by commas',
  },
  vaultSettings: {
    fits: (given) => listOf(given).every((one) => /^\w+$/.test(one)),
    wanted: 'be names of letters, digits and _, separated by commas',
  },
};

function listOf(given: string): string[] {
  return given
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** Two subnets of /26 are cut from it. Azure takes no range that begins within another of its length. */
function isRange(given: string): boolean {
  const [, address = '', length = ''] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(given) ?? [];
  const bytes = address.split('.').map(Number);
  const size = 2 ** (32 - Number(length));
  const first = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return (
    address !== '' &&
    bytes.every((byte) => byte <= 255) &&
    Number(length) >= 8 &&
    Number(length) <= 24 &&
    first % size === 0
  );
}
