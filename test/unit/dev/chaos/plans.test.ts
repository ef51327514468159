import { expect, test } from 'vitest';
import { planAnswer } from '../../../../dev/chaos/plan-answers.ts';
import { planWave } from '../../../../dev/chaos/plan-alerts.ts';
import { planCompanies } from '../../../../dev/chaos/plan-companies.ts';
import { planKill } from '../../../../dev/chaos/plan-kills.ts';

function planOf(seed: number) {
  const companies = planCompanies(seed, 3, 12);
  const numbers = Array.from({ length: 40 }, (_, index) => index + 1);
  return {
    companies,
    alerts: numbers.flatMap((wave) => planWave(seed, wave, companies, 3)),
    kills: numbers.map((number) => planKill(seed, number)),
    answers: numbers.map((number) => planAnswer(seed, `A00001#0 P${number}`, 'accepts', 1)),
  };
}

test('the same seed gives the same companies, alerts, kills and answers; another seed gives others', () => {
  expect(planOf(5)).toEqual(planOf(5));
  for (const part of ['companies', 'alerts', 'kills', 'answers'] as const)
    expect(planOf(5)[part]).not.toEqual(planOf(6)[part]);
});

test('every kind of alert, of kill and of answer comes', () => {
  const { alerts, kills, answers } = planOf(5);
  expect(new Set(alerts.map(({ rule }) => rule)).size).toBe(5);
  expect(new Set(alerts.map(({ type }) => type)).size).toBe(3);
  expect(new Set(kills.map(({ kind }) => kind)).size).toBe(5);
  expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['accept', 'fail', 'reset', 'silence']));
  expect(new Set(alerts.map(({ code }) => code)).size).toBe(alerts.length);
});

test('a delivery that came three times has no more trouble, so that everybody is reached in the end', () => {
  const answers = Array.from({ length: 200 }, (_, index) =>
    planAnswer(5, `A00001#0 P${index}`, 'accepts', 4),
  );
  expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['accept']));
});
