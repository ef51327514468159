import { readViewer } from '../adapters/files/read-viewer.ts';
import { readAlert } from '../adapters/mssql/read-alert.ts';
import type { TimeSettings } from '../domain/alert.ts';
import { manageApi } from '../manage/manage-api.ts';
import { version } from '../version.ts';
import type { Parts } from './parts.ts';

/** The operators' side: a fetch handler for everything under /api/manage/. */
export function buildManage(
  settings: TimeSettings,
  { clock, log, db }: Pick<Parts, 'clock' | 'log' | 'db'>,
): (request: Request) => Promise<Response> {
  return manageApi({
    clock,
    log,
    version,
    settings,
    readAlert: readAlert(db),
    readViewer: readViewer(),
  });
}
