export { translateLiteral } from './typed-sql.ts';
