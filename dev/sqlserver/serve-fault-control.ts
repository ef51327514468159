import { z } from 'zod';
import { bodyOf, listen, sendText } from '../services/listen.ts';
import type { Listening } from '../services/listen.ts';
import { Fault } from './faults.ts';
import type { Faults } from './faults.ts';

/**
 * Serves the faults to other processes: POST /faults with one as JSON adds it, DELETE /faults clears them all,
 * DELETE /faults?database=NAME those of that database.
 */
export function serveFaultControl(port: number, faults: Faults): Promise<Listening> {
  return listen(port, async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://faults');
    if (pathname !== '/faults') return sendText(response, 404, 'There is only /faults.\n');
    if (request.method === 'DELETE') {
      faults.clear(searchParams.get('database') ?? undefined);
      return sendText(response, 204, '');
    }
    if (request.method !== 'POST') return sendText(response, 405, 'POST a fault, or DELETE them all.\n');
    const fault = faultIn(await bodyOf(request));
    if (typeof fault === 'string') return sendText(response, 400, `${fault}\n`);
    faults.add(fault);
    sendText(response, 204, '');
  });
}

/** The fault, or what is wrong with it. */
function faultIn(body: Buffer): Fault | string {
  try {
    const read = Fault.safeParse(JSON.parse(body.toString('utf8')));
    return read.success ? read.data : z.prettifyError(read.error);
  } catch {
    return 'The body is not JSON.';
  }
}
