export { freeOffset } from '../../dev/services/free-offset.ts';
