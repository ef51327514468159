export { familyOf, isInteger, isNumeric, isText, isUnicode } from './sql-types.ts';
export type { TextType } from './sql-types.ts';
