import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Logger } from '../core/logger.ts';
import { wordingOf } from './contract/wording.ts';
import { refuseInvalid } from './refuse-invalid.ts';
import { routedRequest } from './routed-request.ts';
import { Problem, problemDocument, problems } from './problem.ts';
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
import { showExecution, type ExecutionPorts } from './routes/show-execution.ts';
import { showStatus, type StatusPorts } from './routes/show-status.ts';
import { testAlert, type TestPorts } from './routes/test-alert.ts';
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
}

export type ManageApi = OpenAPIHono;

/** The operators' side over HTTP: answers requests under /api/manage/. Whoever calls has a key already. */
export function manageApi(ports: ManagePorts): (request: Request) => Promise<Response> {
  z.config({ localeError: wordingOf });
  const api = new OpenAPIHono({ defaultHook: refuseInvalid }).basePath('/api/manage');
  api.notFound(({ req, header }) => {
    const allowed = methodsOf(api, req.path);
    if (allowed.length === 0)
      throw new Problem('unknown_path', `There is no ${req.path}. See /api/manage/docs.`);
    header('allow', allowed.join(', '));
    throw new Problem('wrong_method', `${req.path} takes ${allowed.join(' or ')}, not ${req.method}.`);
  });
  api.onError((error, context) => answerProblem(error, context, ports.log));
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
  retryFault(api, ports);
  discardFault(api, ports);
  pauseAndResume(api, ports);
  listAudit(api, ports);
  explainWhy(api, ports);
  serveReference(api, ports);
  api.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Vigía', version: ports.version, description: 'The operators’ side of Vigía.' },
    security: [{ key: [] }],
  });
  api.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'apiKey',
    in: 'header',
    name: 'x-functions-key',
    description: 'A key of the function manage-read (GET) or manage-act (POST, DELETE).',
  });
  return async (request) => await api.fetch(routedRequest(request));
}

/** With which methods there is such a path. */
function methodsOf(api: ManageApi, path: string): string[] {
  return ['GET', 'POST', 'DELETE'].filter((method) => api.router.match(method, path)[0].length > 0);
}

function answerProblem(error: Error, context: Context, log: Logger): Response {
  const problem = problemOf(error) ?? internal(error, context, log);
  const { status } = problems[problem.code];
  return context.body(JSON.stringify(problemDocument(problem)), status, {
    'content-type': 'application/problem+json',
  });
}

/** Hono itself refuses bodies that are no JSON. */
function problemOf(error: Error): Problem | undefined {
  if (error instanceof Problem) return error;
  if (!(error instanceof HTTPException)) return undefined;
  if (error.status === 415)
    return new Problem('unsupported_body', 'Send the body with content-type: application/json.');
  return error.status === 400
    ? new Problem('invalid_request', 'body must be JSON.', [{ at: 'body', message: 'must be JSON' }])
    : undefined;
}

function internal(error: Error, context: Context, log: Logger): Problem {
  const { pathname } = new URL(context.req.url);
  log.error('manage.failed', { method: context.req.method, path: pathname }, error);
  return new Problem('internal', 'The log has the reason, under the event manage.failed. Try again.');
}
