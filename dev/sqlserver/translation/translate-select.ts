export { selectText } from './compile.ts';
