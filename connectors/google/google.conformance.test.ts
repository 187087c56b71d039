import { describeDirectoryConformance } from '#connectors/kit/conformance.ts'
import { describeNativeEndConformance } from '#connectors/kit/conformance-native-end.ts'
import { googleNativeEndSubject, googleSubject } from './conformance-subject.ts'

describeDirectoryConformance('google', () => googleSubject())
describeDirectoryConformance('google with ends', () => googleSubject(undefined, true))
describeNativeEndConformance('google', () => googleNativeEndSubject())
