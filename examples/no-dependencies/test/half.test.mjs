import assert from 'node:assert';
import test from 'node:test';
import { half } from '../half.mjs';

test('halves', () => assert.equal(half(4), 2));
