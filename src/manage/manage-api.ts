import { OpenAPIHono, z } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import type { Logger } from '../core/logger.ts';
import { tellSparingly } from '../core/tell-sparingly.ts';
import { wordingOf } from './contract/wording.ts';
import { refuseInvalid } from './refuse-invalid.ts';
import { routedRequest } from './routed-request.ts';
import { Problem, problemDocument, problems, type ProblemCode } from './problem.ts';
import { cancelExecution, type CancelPorts } from './routes/cancel-execution.ts';
import { checkTenant, type CheckPorts } from './routes/check-tenant.ts';
import { listAlerts, type AlertPorts } from './routes/list-alerts.ts';
import { listAudit, type ReadAudit } from './routes/list-audit.ts';
import { discardFault, type DiscardFaultPorts } from './routes/discard-fault.ts';
import { listFaults } from './routes/list-faults.ts';
import { retryFault, type RetryFaultPorts } from './routes/retry-fault.ts';
import { listExecutions, type FindExecutions } from './routes/list-executions.ts';
import { listProblems, type ProblemPorts } from './routes/list-problems.ts';
import { listOccurrences, type OccurrencePorts } from './routes/list-occurrences.ts';
import { pauseAndResume, type PausePorts } from './routes/pause.ts';
import { previewAlert, type PreviewPorts } from './routes/preview-alert.ts';
import { resendExecution, type ResendPorts } from './routes/resend-execution.ts';
import { runAlert } from './routes/run-alert.ts';
import { scan, type ScanPorts } from './routes/scan.ts';
import { showAgenda, type AgendaPorts } from './routes/show-agenda.ts';
import { showFault } from './routes/show-fault.ts';
import { showExecution, type ExecutionPorts } from './routes/show-execution.ts';
import { showStatus, type StatusPorts } from './routes/show-status.ts';
import { testAlert, type TestPorts } from './routes/test-alert.ts';
import { introduction } from './introduction.ts';
import { explainWhy } from './routes/why.ts';
import type { WhyPorts } from './why/gather-facts.ts';
import { serveReference, type ReferencePorts } from './routes/serve-reference.ts';

export interface ManagePorts
  extends
    AlertPorts,
    CheckPorts,
    OccurrencePorts,
    AgendaPorts,
    StatusPorts,
    ExecutionPorts,
    PausePorts,
    PreviewPorts,
    ProblemPorts,
    ReferencePorts,
    ScanPorts,
    RetryFaultPorts,
    DiscardFaultPorts,
    TestPorts,
    ResendPorts,
    CancelPorts,
    WhyPorts {
  log: Logger;
  findExecutions: FindExecutions;
  readAudit: ReadAudit;
  /** Resolves once the control database will do; throws why it will not. */
  ready: () => Promise<void>;
  databaseFault: DatabaseFault;
}

/** null = a fault of another kind. `advice` says what a person has to mend. */
export type DatabaseFault = (fault: unknown) => { kind: 'away' } | { kind: 'unfit'; advice: string } | null;

export type ManageApi = OpenAPIHono;

/** The operators' side over HTTP: answers requests under /api/manage/. Whoever calls has a key already. */
export function manageApi(ports: ManagePorts): (request: Request) => Promise<Response> {
  z.config({ localeError: wordingOf });
  const faultPorts = { databaseFault: ports.databaseFault, logFailure: failureLog(ports) };
  const api = new OpenAPIHono({ defaultHook: refuseInvalid }).basePath('/api/manage');
  api.notFound(({ req, header }) => {
    const allowed = methodsOf(api, req.path);
    if (allowed.length === 0)
      throw new Problem('unknown_path', `There is no ${req.path}. See /api/manage/docs.`);
    header('allow', allowed.join(', '));
    throw new Problem('wrong_method', `${req.path} takes ${allowed.join(' or ')}, not ${req.method}.`);
  });
  api.onError((error, context) => answerProblem(error, context.req.raw, context.res.headers, faultPorts));
  showStatus(api, ports);
  listProblems(api, ports);
  listAlerts(api, ports);
  listOccurrences(api, ports);
  showAgenda(api, ports);
  listExecutions(api, ports);
  showExecution(api, ports);
  previewAlert(api, ports);
  scan(api, ports);
  checkTenant(api, ports);
  runAlert(api, ports);
  testAlert(api, ports);
  resendExecution(api, ports);
  cancelExecution(api, ports);
  listFaults(api, ports);
  showFault(api, ports);
  retryFault(api, ports);
  discardFault(api, ports);
  pauseAndResume(api, ports);
  listAudit(api, ports);
  explainWhy(api, ports);
  serveReference(api, ports);
  api.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Vigía', version: ports.version, description: introduction },
    security: [{ key: [] }],
  });
  api.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'apiKey',
    in: 'header',
    name: 'x-functions-key',
    description: 'A key of the function manage-read (GET) or manage-act (POST, DELETE).',
  });
  return async (request) => {
    const routed = routedRequest(request);
    try {
      await requireArrived(routed);
      if (needsDatabase(api, routed)) await ports.ready();
    } catch (error) {
      return answerProblem(error, routed, new Headers(), faultPorts);
    }
    return await api.fetch(routed);
  };
}

/** The Functions host hands a body in chunks over as empty: an act for some would become one for all. */
async function requireArrived(request: Request): Promise<void> {
  if (!request.headers.has('transfer-encoding') || request.body === null) return;
  if ((await request.clone().arrayBuffer()).byteLength > 0) return;
  const message = 'did not arrive: send it with Content-Length, not in chunks';
  throw new Problem('invalid_request', `body ${message}.`, [{ at: 'body', message }]);
}

const withoutDatabase = /^\/api\/manage\/(docs(\/.*)?|openapi\.json)$/;

function needsDatabase(api: ManageApi, { url, method }: Request): boolean {
  const { pathname } = new URL(url);
  const asked = method === 'HEAD' ? 'GET' : method;
  return !withoutDatabase.test(pathname) && methodsOf(api, pathname).includes(asked);
}

/** With which methods there is such a path. */
function methodsOf(api: ManageApi, path: string): string[] {
  return ['GET', 'POST', 'DELETE'].filter((method) => api.router.match(method, path)[0].length > 0);
}

interface FaultPorts {
  databaseFault: DatabaseFault;
  logFailure: LogFailure;
}

type LogFailure = (code: ProblemCode, request: Request, fault: unknown) => void;

/** Whoever asks often while it fails must not fill the log: a line a minute of each problem, and of each call that is ours. */
function failureLog({ clock, log }: Pick<ManagePorts, 'clock' | 'log'>): LogFailure {
  const leftOutOf = tellSparingly(clock);
  return (code, { method, url }, fault) => {
    const path = new URL(url).pathname;
    const [, call = ''] = /^\/api\/manage\/([^/]*)/.exec(path) ?? [];
    const leftOut = leftOutOf(code === 'internal' ? `${method} ${call}` : code);
    if (leftOut !== null)
      log.error('manage.failed', { code, method, path, ...(leftOut > 0 && { leftOut }) }, fault);
  };
}

/** `headers` = what the answer had been given already. */
function answerProblem(fault: unknown, request: Request, headers: Headers, ports: FaultPorts): Response {
  const problem = problemOf(fault) ?? unavailable(fault, request, ports) ?? internal(fault, request, ports);
  const { status } = problems[problem.code];
  headers.set('content-type', 'application/problem+json');
  if (problem.code === 'control_database_unavailable') headers.set('retry-after', `${retrySeconds}`);
  return new Response(JSON.stringify(problemDocument(problem)), { status, headers });
}

/** Hono itself refuses bodies that are no JSON. */
function problemOf(fault: unknown): Problem | undefined {
  if (fault instanceof Problem) return fault;
  if (!(fault instanceof HTTPException)) return undefined;
  if (fault.status === 415)
    return new Problem('unsupported_body', 'Send the body with content-type: application/json.');
  return fault.status === 400
    ? new Problem('invalid_request', 'body must be JSON.', [{ at: 'body', message: 'must be JSON' }])
    : undefined;
}

const retrySeconds = 10;

function unavailable(
  fault: unknown,
  request: Request,
  { databaseFault, logFailure }: FaultPorts,
): Problem | undefined {
  const known = databaseFault(fault);
  if (known === null) return undefined;
  logFailure('control_database_unavailable', request, fault);
  if (known.kind === 'unfit') return new Problem('control_database_unavailable', known.advice);
  const isAct = request.method === 'POST' || request.method === 'DELETE';
  return new Problem(
    'control_database_unavailable',
    isAct
      ? 'It could not be reached, or was busy for too long. Try again; GET audit tells what was done all the same.'
      : 'It could not be reached, or was busy for too long. Try again.',
  );
}

function internal(fault: unknown, request: Request, { logFailure }: FaultPorts): Problem {
  logFailure('internal', request, fault);
  return new Problem('internal', 'The log has the reason, under the event manage.failed. Try again.');
}
