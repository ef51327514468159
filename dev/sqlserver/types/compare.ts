export { comparable, compared } from './operators.ts';
