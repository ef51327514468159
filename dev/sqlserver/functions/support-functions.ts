import { conversionFunctions } from '../types/conversion-functions.ts';
import { dateFunctions } from './support/date-functions.ts';
import { jsonFunctions } from './support/json-functions.ts';
import { rowVersions } from './support/row-versions.ts';
import { textFunctions } from './support/text-functions.ts';
import { timeZones } from './support/time-zones.ts';

/** What the translated expressions need inside a PostgreSQL database: schema `tsql`, run once when it is created. */
export const supportFunctions = [
  conversionFunctions,
  textFunctions,
  dateFunctions,
  timeZones,
  jsonFunctions,
  rowVersions,
].join('\n');
