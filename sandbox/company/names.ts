import type { Random } from './random.ts'

export interface Name {
  readonly first: string
  readonly last: string
}

/** Names of one part of the world stay together: a company of 350 has many, but rarely mixed at random in one person. */
interface NamePool {
  readonly first: readonly string[]
  readonly last: readonly string[]
}

const POOLS: readonly NamePool[] = [
  pool(
    'Alice Amelia Benjamin Charlotte Daniel Eleanor George Grace Harriet Jack Lucy Nathan Oliver Rebecca Samuel',
    'Ashdown Barlow Carrick Dunmore Ellery Fairclough Goodwin Hartley Ingram Kingsley Langford Mercer Pemberton Thorne',
  ),
  pool(
    'Aoife Brendan Ciara Conor Eilidh Fergus Fiona Hamish Iain Niamh Orla Rory Siobhan Una',
    'Brannigan Cassidy Dalgleish Farrell Geraghty Kinnaird Lennox Mulvaney Rafferty Sheridan Tierney',
  ),
  pool(
    'Annika Bastian Clara Felix Hannes Ines Johanna Konrad Lena Moritz Nele Paul Sebastian Theresa',
    'Albrecht Bachmann Dietz Eberhardt Fuchs Gruber Hofer Kessler Lorenz Pfeiffer Reinhardt Vogel Zimmermann',
  ),
  pool(
    'Astrid Bjørn Elin Frida Gunnar Ida Jesper Kaja Lars Maja Nils Sigrid Søren Torsten Åsa',
    'Aaltonen Bergström Dahl Eriksen Forsberg Grønlund Holm Kristiansen Lund Nygård Rasmussen Sandvik Østby',
  ),
  pool(
    'Adèle Baptiste Camille Damien Élodie Fabien Gaëlle Hugo Jeanne Léa Mathieu Noémie Rémi Sylvie',
    'Arnaud Besson Chevalier Delacroix Faure Garnier Jourdan Lacombe Marchand Perrin Rousselot Vasseur',
  ),
  pool(
    'Adriana Álvaro Carmen Diego Elena Fernando Iván Lucía Mateo Nuria Pilar Rodrigo Sofía Xavier',
    'Aguilar Benítez Castellanos Domínguez Escobar Figueroa Guerrero Ibáñez Maldonado Navarrete Quintana Villalobos',
  ),
  pool(
    'Ana André Bianca Caio Débora Filipa Gonçalo Inês João Larissa Matheus Raquel Tiago Vitória',
    'Almeida Barbosa Cardoso Figueira Guimarães Machado Nogueira Pacheco Queirós Rezende Siqueira Teixeira',
  ),
  pool(
    'Alessia Davide Elisa Federico Giulia Lorenzo Martina Niccolò Ottavia Paolo Silvia Tommaso',
    'Barbieri Caruso DeLuca Esposito Gallo Leone Marchetti Orlando Pellegrini Rinaldi Santoro Vitale',
  ),
  pool(
    'Agnieszka Bartosz Dorota Filip Hanna Jakub Kinga Łukasz Magdalena Piotr Radek Zofia',
    'Adamczyk Bielak Kowalczyk Krawczyk Kubiak Mazur Pawlak Sikora Stachowiak Wójcik Wrona Zając',
  ),
  pool(
    'Andriy Bohdan Daryna Iryna Kateryna Marko Myroslav Nadia Oksana Roman Taras Yaryna',
    'Bondarenko Hrytsenko Ivanchuk Kovalenko Lysenko Marchenko Moroz Panchenko Petrenko Savchuk Tkachuk',
  ),
  pool(
    'Aarav Ananya Arjun Deepika Divya Harish Ishaan Lakshmi Meera Nisha Pranav Rohan Shreya Vikram',
    'Agarwal Banerjee Chaudhary Deshpande Ganguly Iyer Joshi Kulkarni Mukherjee Nair Pillai Reddy Saxena',
  ),
  pool(
    'Ayesha Bilal Fatima Hamza Kamran Maryam Nadeem Rukhsana Saad Tahmina Usman Zainab',
    'Ahmadzai Chowdhury Durrani Hossain Jamali Kazmi Malik Qureshi Rahman Siddiqui Tariq',
  ),
  pool(
    'Bo Chenxi Fang Haoran Jiayi Lei Mei Peng Qing Ruoxi Shan Tao Xinyi Yichen',
    'Cai Deng Fan Guo Huang Jiang Liang Ma Pan Qiu Shen Tang Xu Zhou',
  ),
  pool(
    'Akari Daichi Emi Haruka Kenji Mio Naoki Ren Shinji Takumi Yui Yuto',
    'Aoki Fujita Hayashi Inoue Kimura Matsuda Nakano Okada Sakamoto Taniguchi Ueda Yoshida',
  ),
  pool(
    'Bora Dohyun Eunji Hyejin Jiho Jiwoo Minjun Seoyeon Sunghoon Yerin',
    'Bae Choi Han Jang Kwon Lim Moon Noh Seo Shin Yoon',
  ),
  pool(
    'An Bao Chi Duc Giang Hieu Khanh Lan Minh Ngoc Phuong Quan Thao Tuan',
    'Bui Dang Dinh Duong Ho Huynh Ngo Nguyen Pham Tran Truong Vo',
  ),
  pool(
    'Abena Chidi Efua Emeka Folake Ifeoma Kofi Kwame Ngozi Obinna Sade Tunde Yaw Zuri',
    'Acheampong Adebayo Boateng Chukwu Eze Kamau Mensah Nwosu Obi Ogunleye Owusu Uche Wanjiru',
  ),
  pool(
    'Amira Bassam Dalia Farah Ghassan Hala Karim Layla Mounir Nour Omar Rania Samir Yasmin',
    'Abboud Bakri Darwish Fakhouri Ghanem Hamdan Jaber Khalil Mansour Nassar Saleh Tawfik',
  ),
  pool(
    'Aylin Baran Cem Defne Emre Gizem Kerem Levent Melis Onur Selin Umut',
    'Aksoy Bulut Çelik Doğan Erdem Güneş Kaplan Özkan Polat Şahin Yıldız',
  ),
  pool(
    'Alexandros Despina Eleni Giorgos Katerina Marina Nikos Stavros Thalia Yannis',
    'Andreou Christou Dimitriadis Economou Galanis Kalogeras Lambros Stathopoulos Vlachos',
  ),
  pool(
    'Bram Daan Femke Joris Lotte Maarten Pieter Roos Sanne Thijs Wouter',
    'Bakker DeVries Dijkstra Hoekstra Jansen Kuiper Mulder Postma Smit Visser Willems',
  ),
]

function pool(first: string, last: string): NamePool {
  return { first: first.split(' '), last: last.split(' ') }
}

/** A name that nobody in `taken` has yet. There are over 3,000, so a company of 350 soon finds one. */
export function newName(random: Random, taken: ReadonlySet<string>): Name {
  for (let attempt = 0; attempt < 10_000; attempt += 1) {
    const from = random.pick(POOLS)
    const name = { first: random.pick(from.first), last: random.pick(from.last) }
    if (!taken.has(fullNameOf(name))) return name
  }
  throw new Error('the lists of names are used up')
}

export function fullNameOf(name: Name): string {
  return `${name.first} ${name.last}`
}

/** Letters that Unicode does not take apart into a letter and an accent. */
const PLAIN: Readonly<Record<string, string>> = { ø: 'o', ł: 'l', ı: 'i', ß: 'ss', æ: 'ae', đ: 'd' }

/** The part of an address before the @: `Åsa Grønlund` becomes `asa.gronlund`. */
export function mailboxOf(name: Name): string {
  return `${plain(name.first)}.${plain(name.last)}`
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[øłıßæđ]/g, (letter) => PLAIN[letter] ?? '')
    .replace(/[^a-z]/g, '')
}
