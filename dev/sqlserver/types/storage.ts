export { columnType, storageType } from './sql-types.ts';
