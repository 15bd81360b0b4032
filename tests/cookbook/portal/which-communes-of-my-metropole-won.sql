-- collectivity (name)
SELECT name FROM collectivity WHERE kind = 'EPCI' AND code = '200093201';

-- collectivity.members (totalCount)
SELECT count(DISTINCT c.id)
FROM collectivity AS e
JOIN collectivity AS c ON c.epci_id = e.id AND c.kind = 'COMMUNE'
JOIN laureate AS l ON l.collectivity_id = c.id
WHERE e.kind = 'EPCI' AND e.code = '200093201';

-- collectivity.members.nodes (name, population, awards.totalCount)
SELECT c.name, c.population, count(*)
FROM collectivity AS e
JOIN collectivity AS c ON c.epci_id = e.id AND c.kind = 'COMMUNE'
JOIN laureate AS l ON l.collectivity_id = c.id
WHERE e.kind = 'EPCI' AND e.code = '200093201'
GROUP BY c.id, c.name, c.population
ORDER BY c.population DESC;
