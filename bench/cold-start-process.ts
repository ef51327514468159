import { loadApp } from '../dev/host/app/load-app.ts';

/** Loads a built app as the Functions worker does, and prints how many milliseconds that took. */
const [, , app = ''] = process.argv;
const began = performance.now();
const { functions } = await loadApp(app, () => undefined);
console.log(functions.size === 0 ? Number.NaN : performance.now() - began);
