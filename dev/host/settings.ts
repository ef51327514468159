import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HostError } from './host-error.ts';
import { parseLooseJson } from './loose-json.ts';

interface LocalSettings {
  readonly IsEncrypted?: boolean;
  readonly Values?: Readonly<Record<string, unknown>>;
  readonly ConnectionStrings?: Readonly<Record<string, unknown>>;
}

/** Reads one app setting; undefined when it is not set. */
export type Settings = (name: string) => string | undefined;

/**
 * Puts the app's local.settings.json into the environment, where the app will look for it; what the environment
 * has already, wins. A missing file is no fault.
 */
export function applyLocalSettings(directory: string, environment: NodeJS.ProcessEnv): void {
  const path = join(directory, 'local.settings.json');
  const local = parseLocalSettings(path);
  if (local.IsEncrypted === true) {
    throw new HostError(
      `${path} is encrypted: only the Core Tools that wrote it can read it. Set "IsEncrypted" to false.`,
    );
  }
  for (const [name, value] of Object.entries(local.Values ?? {})) {
    environment[name] ??= settingText(path, name, value);
  }
  for (const [name, value] of Object.entries(local.ConnectionStrings ?? {})) {
    environment[`ConnectionStrings:${name}`] ??= settingText(path, name, value);
  }
}

function parseLocalSettings(path: string): LocalSettings {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return {};
  }
  try {
    return parseLooseJson(text) as LocalSettings;
  } catch (cause) {
    throw new HostError(`${path} is not valid JSON: ${(cause as Error).message}`, { cause });
  }
}

function settingText(path: string, name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new HostError(`${path}: the value of "${name}" must be a text, as environment variables are.`);
}

/** Settings as the host looks them up: names ignore case, `A:B` may be written `A__B`. */
export function settingsFrom(environment: NodeJS.ProcessEnv): Settings {
  const find = (name: string): string | undefined => {
    const wanted = name.toLowerCase();
    const key = Object.keys(environment).find((each) => each.toLowerCase() === wanted);
    return key === undefined ? undefined : environment[key];
  };
  return (name) => environment[name] ?? find(name) ?? find(name.replaceAll(':', '__'));
}
