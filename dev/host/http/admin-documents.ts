import type { RegisteredFunction } from '../app/core-api.ts';
import { HOST_VERSION } from '../host-version.ts';

export interface HostIdentity {
  readonly id: string;
  /** Epoch ms. */
  readonly startedAt: number;
}

export function hostStatusDocument({ id, startedAt }: HostIdentity, now: number): object {
  return {
    id,
    state: 'Running',
    version: HOST_VERSION,
    versionDetails: HOST_VERSION,
    platformVersion: '',
    instanceId: '',
    computerName: '',
    processUptime: Math.round(now - startedAt),
    functionAppContentEditingState: 'Unknown',
  };
}

/** Functions in error are described like the others. */
interface Described {
  readonly name: string;
  readonly registered: RegisteredFunction;
  readonly disabled?: boolean;
}

/** A function as GET /admin/functions describes it. */
export function functionDocument(target: Described, host: string, routePrefix: string): object {
  const { metadata, scriptFile, directory } = target.registered;
  const base = `http://${host}`;
  return {
    name: target.name,
    script_root_path_href: null,
    script_href: `${base}/admin/vfs/${scriptFile}`,
    config_href: null,
    test_data_href: null,
    href: `${base}/admin/functions/${target.name}`,
    invoke_url_template: invokeUrl(target, base, routePrefix),
    language: 'node',
    config: {
      name: target.name,
      entryPoint: null,
      scriptFile,
      language: 'node',
      functionDirectory: directory,
      bindings: Object.entries(metadata.bindings).map(([name, binding]) => ({ ...binding, name })),
    },
    files: null,
    test_data: null,
    isDisabled: target.disabled ?? false,
    isDirect: false,
    isProxy: false,
  };
}

function invokeUrl({ name, registered }: Described, base: string, routePrefix: string): string | null {
  const http = Object.values(registered.metadata.bindings).find(({ type }) => type === 'httpTrigger');
  if (http === undefined) return null;
  const prefix = routePrefix === '' ? '' : `/${routePrefix}`;
  const route = typeof http['route'] === 'string' && http['route'] !== '' ? http['route'] : name;
  return `${base}${prefix}/${route}`.toLowerCase();
}
