import { describeDirectoryConformance } from '#connectors/kit/conformance.ts'
import { describeNativeEndConformance } from '#connectors/kit/conformance-native-end.ts'
import { entraNativeEndSubject, entraSubject } from './conformance-subject.ts'

describeDirectoryConformance('entra', () => entraSubject())
describeDirectoryConformance('entra with PIM', () => entraSubject(undefined, true))
describeNativeEndConformance('entra', () => entraNativeEndSubject())
