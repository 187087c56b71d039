import { describeStoreConformance } from '../conformance.ts'
import { memoryStore } from './memory-store.ts'

describeStoreConformance({
  name: 'the twin in memory',
  open: async () => ({ store: memoryStore(), close: async () => undefined }),
})
