import { describeDirectoryConformance } from '#connectors/kit/conformance.ts'
import { oktaSubject } from './conformance-subject.ts'

describeDirectoryConformance('okta', () => oktaSubject())
