import assert from 'node:assert/strict'
import { test } from 'node:test'
import { meets } from './rule-expression.ts'
import type { Verdict } from './rule-expression.ts'

const profile = {
  department: 'Sales',
  title: 'Account Executive',
  level: 3,
  tags: ['a'],
  city: null,
  note: 'x" OR "1"=="1',
}

const cases: readonly [string, Verdict][] = [
  ['user.department=="Sales"', 'yes'],
  ["user.department == 'Sales'", 'yes'],
  ['user.department=="Support"', 'no'],
  ['user.department!="Support"', 'yes'],
  ['user.department=="sales"', 'unknown'], // whether Okta minds capitals is not for us to guess
  ['user.department=="Sales "', 'unknown'],
  ['"Sales"==user.department', 'yes'],
  ['user.department=="Sales" AND user.title=="Account Executive"', 'yes'],
  ['user.department=="Sales" and user.title=="Intern"', 'no'],
  ['user.department=="Support" && user.title=="Intern" || user.department=="Sales"', 'yes'],
  ['(user.department=="Sales" OR user.department=="Support") AND user.title=="Intern"', 'no'],
  ['!(user.department=="Sales")', 'no'],
  ['! user.department=="Support"', 'yes'],
  ['user.costCenter=="9"', 'no'],
  ['user.costCenter==null', 'yes'],
  ['user.city==null', 'yes'],
  ['user.city==""', 'unknown'],
  ['user.level=="3"', 'unknown'],
  ['user.tags=="a"', 'unknown'],
  ['user.department=="Support" AND user.level=="3"', 'no'],
  ['user.department=="Sales" OR user.level=="3"', 'yes'],
  ['String.startsWith(user.department,"Sal")', 'unknown'],
  ['isMemberOfAnyGroup("00g1")', 'unknown'],
  ['user.department=="Support" OR isMemberOfAnyGroup("00g1")', 'unknown'],
  ['user.department.length()==5', 'unknown'],
  ['user.department=="Sales', 'unknown'],
  ['user.department=="Sales" user.title=="x"', 'unknown'],
  ['user.department', 'unknown'],
  ['user.department=="Sales")', 'unknown'],
  ['(user.department=="Sales"', 'unknown'],
  ['', 'unknown'],
  ['user.__proto__=="x"', 'no'],
  ['user.note=="x"', 'no'],
  [`${'('.repeat(2_000)}user.department=="Sales"${')'.repeat(2_000)}`, 'unknown'],
  [`user.department=="${'x'.repeat(20_000)}"`, 'unknown'],
]
for (const [expression, verdict] of cases) {
  test(`${expression.length > 100 ? `${expression.slice(0, 40)}…` : expression} is ${verdict}`, () => {
    assert.equal(meets(expression, profile), verdict)
  })
}
