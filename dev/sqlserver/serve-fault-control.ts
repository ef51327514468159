import { z } from 'zod';
import { bodyOf, listen, sendText } from '../services/listen.ts';
import type { Listening } from '../services/listen.ts';
import { Fault } from './fault.ts';
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
    try {
      faults.add(Fault.parse(JSON.parse(String(await bodyOf(request)))));
      sendText(response, 204, '');
    } catch (error) {
      const why = error instanceof z.ZodError ? z.prettifyError(error) : 'The body is not JSON.';
      sendText(response, 400, `${why}\n`);
    }
  });
}
