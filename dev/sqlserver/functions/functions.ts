import type { BuiltIn } from './arguments.ts';
import { dateFunctions } from './functions-date.ts';
import { jsonFunctions } from './functions-json.ts';
import { mathFunctions } from './functions-math.ts';
import { textFunctions } from './functions-text.ts';
import { valueFunctions } from './functions-value.ts';

/** Every scalar function that needs neither the session nor the catalogue, by its upper-case name. */
export const builtInFunctions: ReadonlyMap<string, BuiltIn> = new Map([
  ...Object.entries(valueFunctions),
  ...Object.entries(textFunctions),
  ...Object.entries(mathFunctions),
  ...Object.entries(dateFunctions),
  ...Object.entries(jsonFunctions),
]);
