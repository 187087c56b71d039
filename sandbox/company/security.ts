/** Who answers for Security, and who may end any access. Named, because stories and records name them. */
export const SECURITY = ['Mara Quill', 'Priya Raman', 'Dmitri Volkov', 'Hana Kim'] as const
export const ADMINISTRATORS = ['Stellan Berg', 'Tove Nyberg'] as const
