export { typeName } from './sql-types.ts';
