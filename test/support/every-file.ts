import * as fc from 'fast-check';
import { afterAll } from 'vitest';
import { endFile } from './end-of-file.ts';

/*
 * Runs before each file of tests. Examples made at random are the same ones in every run, so that a run tells of the code
 * and not of its luck; FUZZ_SEED=5 or FUZZ_SEED=random looks for others. What fails names its seed.
 */
const { FUZZ_SEED: seed = '1' } = process.env;
if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) });

afterAll(endFile);
